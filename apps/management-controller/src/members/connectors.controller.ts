import { Controller } from '@nestjs/common';
import { changeConnector, createConnector, deleteConnector, getConnector, listConnectors } from '@caravan/api';
import type { Connector } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import { endpointChanges, endpointResource, newEndpoint, requireMember } from './endpoints.js';

@Controller()
export class ConnectorsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
  ) {}

  @Handle(createConnector)
  async create(@TheCall() { params, body, metadata, idFor }: Call<typeof createConnector>) {
    const { memberId } = await requireMember(this.readModels, params);
    const connectorId = idFor('connector');
    const { position } = await this.deciders.member({
      type: 'OpenConnector',
      memberId,
      connectorId,
      ...newEndpoint(body),
      metadata,
    });
    return new Written(position, () => this.read({ ...params, connectorId }));
  }

  @Handle(listConnectors)
  async list(@TheCall() { params, query }: Call<typeof listConnectors>) {
    const { items, next } = await this.readModels.connectors.page(params, query);
    return { items: items.map(endpointResource), next };
  }

  @Handle(getConnector)
  get(@TheCall() { params }: Call<typeof getConnector>) {
    return this.read(params);
  }

  @Handle(changeConnector)
  async change(@TheCall() { params, body, metadata }: Call<typeof changeConnector>) {
    const { memberId } = await requireMember(this.readModels, params);
    const { connectorId } = params;
    const changes = endpointChanges(body);
    const { position } = await this.deciders.member({
      type: 'ChangeConnector',
      memberId,
      connectorId,
      ...changes,
      metadata,
    });
    return new Written(position, () => this.read(params));
  }

  @Handle(deleteConnector)
  async delete(@TheCall() { params, metadata }: Call<typeof deleteConnector>) {
    const { memberId } = await requireMember(this.readModels, params);
    const { connectorId } = params;
    const { position } = await this.deciders.member({ type: 'CloseConnector', memberId, connectorId, metadata });
    return new Written(position);
  }

  private async read({
    connectorId,
    ...member
  }: Record<'networkId' | 'memberId' | 'connectorId', string>): Promise<Connector> {
    const row = await this.readModels.connectors.find({ id: connectorId, ...member });
    if (!row) throw new Rejection('connector.unknown', { connectorId });
    return endpointResource(row);
  }
}
